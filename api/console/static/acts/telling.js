// What is told of a scan: loudly, in words and by a sign, and by a tone where somebody wants one.

import { filled } from "./rows.js";
import { chosen } from "./sticky.js";

const at = (id) => document.getElementById(id);
let tone;

/** Say loudly what became of a scan: in words and by a sign, and by a tone. */
export function tell(good, name, values = {}) {
  at("told").className = `console-told console-told--${good ? "good" : "bad"}`;
  at("told-mark").textContent = good ? "✓" : "✗";
  at("told-words").textContent = filled(name, values);
  if (chosen().sound === "off" || !navigator.userActivation?.hasBeenActive) return;
  tone ??= new AudioContext();
  const one = tone.createOscillator();
  one.frequency.value = good ? 880 : 220;
  one.connect(tone.destination);
  one.start();
  one.stop(tone.currentTime + (good ? 0.08 : 0.4));
}
