// The views' JSX makes real elements: h() of runtime/element.js.
declare namespace JSX {
  type Element = HTMLElement;
  interface IntrinsicElements {
    [tag: string]: Record<string, unknown>;
  }
}
