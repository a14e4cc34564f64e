/** How each result sounds and feels, and this device's choice about it. */

/** @typedef {"read" | "ok" | "again" | "warn" | "stop" | "queued"} Tone */
/** @typedef {{hz: number, start_ms: number, length_ms: number}} Note */
/**
 * Loudness from 0 (off) to 1; muted keeps it for later.
 * @typedef {{loudness: number, vibration: boolean, muted: boolean}} SignalSettings
 */

const CLICK = { hz: 1800, start_ms: 0, length_ms: 30 };

/** @type {Record<Tone, {notes: Note[], vibration_ms: number[]}>} */
const TONES = {
  read: { notes: [CLICK], vibration_ms: [15] },
  ok: {
    notes: [{ hz: 880, start_ms: 0, length_ms: 70 }, { hz: 1320, start_ms: 70, length_ms: 70 }],
    vibration_ms: [40],
  },
  again: { notes: [CLICK, { ...CLICK, start_ms: 70 }], vibration_ms: [15, 40, 15] },
  warn: {
    notes: [{ hz: 520, start_ms: 0, length_ms: 180 }, { hz: 520, start_ms: 260, length_ms: 180 }],
    vibration_ms: [80, 80, 80],
  },
  stop: {
    notes: [{ hz: 330, start_ms: 0, length_ms: 250 }, { hz: 220, start_ms: 250, length_ms: 250 }],
    vibration_ms: [300, 100, 300],
  },
  queued: { notes: [{ hz: 880, start_ms: 0, length_ms: 70 }], vibration_ms: [40] },
};

const LATE_MS = 400; // a tone that comes later would be taken for the next result's
const EDGE_S = 0.008; // a soft start and end: a bare tone cracks in small speakers

/** @type {AudioContext | undefined} */
let audio;

/**
 * Plays and vibrates, as far as this device may and its owner wants.
 * @param {Tone} tone
 */
export function signal(tone) {
  const { notes, vibration_ms } = TONES[tone];
  const { loudness, vibration, muted } = signalSettings();
  if (vibration && navigator.userActivation?.hasBeenActive !== false) {
    navigator.vibrate?.(vibration_ms);
  }
  if (loudness > 0 && !muted) play(notes, loudness);
}

/** @param {Note[]} notes @param {number} loudness 0 to 1 */
async function play(notes, loudness) {
  if (typeof AudioContext !== "function") return;
  audio ??= new AudioContext();
  const asked_ms = performance.now();
  await audio.resume(); // pending until somebody has touched the page
  if (performance.now() - asked_ms > LATE_MS) return;
  for (const note of notes) sing(audio, note, loudness);
}

/** @param {AudioContext} on @param {Note} note @param {number} loudness */
function sing(on, { hz, start_ms, length_ms }, loudness) {
  const from = on.currentTime + start_ms / 1000;
  const until = from + length_ms / 1000;
  const voice = new OscillatorNode(on, { type: "triangle", frequency: hz });
  const volume = new GainNode(on, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loudness, from + EDGE_S);
  volume.gain.setValueAtTime(loudness, until - EDGE_S);
  volume.gain.linearRampToValueAtTime(0, until);
  voice.connect(volume).connect(on.destination);
  voice.start(from);
  voice.stop(until);
}

const STORED = "stockscan.signals";

/**
 * This device's choice.
 * @returns {SignalSettings}
 */
export function signalSettings() {
  const usual = { loudness: 0.6, vibration: true, muted: false };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") };
  } catch {
    return usual; // storage is refused or holds something else
  }
}

/** @param {SignalSettings} chosen */
export function keepSignalSettings(chosen) {
  try {
    localStorage.setItem(STORED, JSON.stringify(chosen));
  } catch {
    // storage is refused: the choice ends with the page
  }
}
