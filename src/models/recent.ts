/** The last few of something that is costly to make, by name: many specs over one text read it once. */
export class Recent<T> {
  private readonly kept = new Map<string, Promise<T>>();

  /** @param most how many are kept */
  constructor(private readonly most = 4) {}

  get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.kept.get(key) ?? make();
    this.kept.delete(key);
    this.kept.set(key, value);
    value.catch(() => this.kept.delete(key));
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value as string);
    return value;
  }
}
