// The plug-in does one thing on the record's page: it shows that it ran.

export function noteThatItRan() {
  Object.assign(window, { pluginRan: true });
}
