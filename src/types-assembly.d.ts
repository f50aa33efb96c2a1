/** AssemblyScript's number types, so that its sources compile as TypeScript. */
type i32 = number;
type f64 = number;
type bool = boolean;
