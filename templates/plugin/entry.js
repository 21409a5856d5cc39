import { showSettings } from "./settings.jsx";

// The build puts the units here, as one JSON literal.
showSettings(RUNBUTTON_CONFIG);
