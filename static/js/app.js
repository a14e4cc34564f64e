/** The one entry of every page: htmx through its narrow door, then each behaviour. */
import "../vendor/htmx-4.0.1/htmx.esm.min.js";
import "./badge-scan.js";
import { forgetThings } from "./catalogue.js";
import "./copy-text.js";
import "./count-entries.js";
import "./enter-goes-on.js";
import "./htmx-guard.js";
import "./idle-lock.js";
import "./offline-scan.js";
import "./install-worker.js";
import "./keep-open.js";
import "./kept-typing.js";
import "./list-picks.js";
import "./number-pad.js";
import "./own-fields.js";
import "./photo-scan.js";
import "./pin-dots.js";
import "./print-page.js";
import "./scan-camera.js";
import "./scan-form.js";
import "./scan-result.js";
import "./send-files.js";
import "./sound-settings.js";
import "./waiting-list.js";
import "./waiting-sign.js";
import "./wedge-keys.js";
import { startSending } from "./outbox-sender.js";
import { remember } from "./phone-db.js";
import { forgetSheets } from "./sheets-sync.js";

// A page for nobody, such as the sign-in, has nobody to send for.
if (document.querySelector("[data-me], [data-shell], waiting-list")) startSending();

/** @type {HTMLMetaElement | null} on the pages that ask who comes: nobody acts here any more */
const signedOut = document.querySelector("meta[name=stockscan-signed-out]");
if (signedOut) remember({ person: undefined });
// On a phone of one person what it knew goes with them; a shared one keeps it for the next.
if (signedOut && signedOut.content !== "shared") Promise.all([forgetThings(), forgetSheets()]).catch(() => {});
