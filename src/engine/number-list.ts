/** A list of numbers that grows, 8 bytes each. */
export class NumberList {
  private array = new Float64Array(8);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const longer = new Float64Array(2 * this.length);
      longer.set(this.array);
      this.array = longer;
    }
    this.array[this.length++] = value;
  }

  at(i: number): number {
    return this.array[i];
  }

  copy(): Float64Array {
    return this.array.slice(0, this.length);
  }
}
