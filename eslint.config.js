// What tsc cannot see: unused code, loose comparison, anything that needs eval or writes HTML from text.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["static/vendor/**", ".venv/**", "node_modules/**"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: { ...globals.browser } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text is set as text: textContent." },
        { property: "outerHTML", message: "Text is set as text: textContent." },
        { property: "insertAdjacentHTML", message: "Text is set as text: textContent." },
      ],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-atomic-updates": "error",
      "no-undef": "off", // tsc knows the names, those of a worker included
    },
  },
];
