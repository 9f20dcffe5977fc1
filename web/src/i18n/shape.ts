// The shape that every language has: the keys of the Catalan texts, texts of its own.
export type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
