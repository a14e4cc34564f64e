/** The one entry of every page: htmx through its narrow door, then each behaviour. */
import "../vendor/htmx-4.0.1/htmx.esm.min.js";
import "./htmx-guard.js";
import "./number-pad.js";
import "./photo-scan.js";
import "./pin-dots.js";
import "./scan-camera.js";
import "./scan-form.js";
import "./scan-result.js";
import "./sound-settings.js";
import "./wedge-keys.js";
