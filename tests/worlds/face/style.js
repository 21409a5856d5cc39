// Stands for the real one in the worlds: nobody looks at them.
export function addStyle() {}
