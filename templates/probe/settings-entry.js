import { showSettings } from "./settings.js";

// The build puts a JSON literal here.
showSettings(RUNBUTTON_CONFIG);
