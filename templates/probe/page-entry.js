import { startProbe } from "./panel.js";

// The build puts a JSON literal here.
startProbe(RUNBUTTON_CONFIG);
