import { noteThatItRan } from "./marker.js";

noteThatItRan();
