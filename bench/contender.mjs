// A program that simulates chains when it is given a seed (peers/chains.mjs has the protocol), in a process of its own.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Contender {
  /** @param entry { name, command, arguments, environment, library } of contenders.mjs; what follows is the job. */
  constructor(entry, { support, exponent, replicates, generations, sizes }) {
    Object.assign(this, { name: entry.name, library: entry.library ?? false, identical: entry.identical ?? false });
    const job = [support, exponent, replicates, generations, ...sizes].map(String);
    this.child = spawn(entry.command, [...entry.arguments, ...job], {
      env: { ...process.env, ...entry.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.said = '';
    this.child.stderr.on('data', (text) => {
      this.said += text;
    });
    this.child.on('error', (error) => {
      this.said += error.message;
    });
    this.child.stdin.on('error', () => {}); // it has ended, and the missing answer says so
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Simulates with a seed. @returns { seconds, means, errors } @throws Error with what the program said, if it has ended */
  async run(seed) {
    this.child.stdin.write(`${seed}\n`);
    const { value, done } = await this.lines.next();
    if (done) {
      const lines = this.said.trim().split('\n');
      throw new Error(`${this.name} ended: ${lines.find((line) => /error/i.test(line)) ?? lines.at(-1)}`);
    }
    const [seconds, ...moments] = value.trim().split(/\s+/).map(Number);
    return { seconds, means: moments.filter((_, i) => i % 2 === 0), errors: moments.filter((_, i) => i % 2 === 1) };
  }

  stop() {
    this.child.stdin.end();
    this.child.kill();
  }
}
