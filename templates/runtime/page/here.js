/**
 * Makes calls whose end counts only while the page is there. A page that is being left still gets to know that its calls
 * were cut off, and would take that for a lost answer, which the page that comes next knows nothing of.
 *
 * @returns {(call: CallProxy) => CallProxy}
 */
export function createHere() {
  let left = false;
  addEventListener("pagehide", () => {
    left = true;
  });
  // A page may come back as it was, by the browser's Back.
  addEventListener("pageshow", () => {
    left = false;
  });
  const back = () =>
    new Promise((resolve) => {
      addEventListener("pageshow", resolve, { once: true });
    });
  return (call) =>
    async (...request) => {
      try {
        return await call(...request);
      } finally {
        if (left) {
          await back();
        }
      }
    };
}
