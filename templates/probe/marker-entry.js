// The plug-in's script on the record's page only shows that it ran.
Object.assign(window, { pluginRan: true });
