// A statement that lacks signatures goes on to who signs next: as a file, or through the inboxes of this service.

import { leaveHere } from "./statement.js";

const at = (id) => document.getElementById(id);

/** Show how a statement goes on. payload: as it is read; done: called once it does. */
export function goesOn(statement, payload, done = () => {}) {
  at("leave").download = `${payload.said.kind.split("/")[0]}-${payload.said.id.slice(0, 8)}.open`;
  at("leave").href = URL.createObjectURL(new Blob([`${statement}\n`], { type: "application/json" }));
  at("leave").onclick = () => done();
  at("leave-here").disabled = false;
  at("leave-here").onclick = async () => {
    at("leave-here").disabled = true;
    try {
      await leaveHere(statement);
      at("left-here").textContent = at("left-here").dataset.words;
      done();
    } catch (error) {
      at("left-here").textContent = error.message;
      at("leave-here").disabled = false;
    }
  };
  at("open").hidden = false;
  at("open").focus();
}
