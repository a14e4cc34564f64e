/** A form that nobody sees, for a page of ours that a script leads to by a POST. */

/** @param {string} action @param {Record<string, string>} values @returns {HTMLFormElement} on the page */
export function hiddenForm(action, values) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.hidden = true;
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  return form;
}
