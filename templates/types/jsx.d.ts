// The views' JSX creates real elements with h() of runtime/view/element.js.
declare namespace JSX {
  type Element = HTMLElement;
  interface IntrinsicElements {
    [tag: string]: Record<string, unknown>;
  }
}
