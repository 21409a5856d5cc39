// The browser modules keep to Cybozu's own rules for kintone customizations.
import kintone from "@cybozu/eslint-config/flat/presets/kintone-customize-prettier.js";
import react from "eslint-plugin-react";

export default [
  ...kintone,
  {
    // JSX stands for calls of our h(), which the linter cannot see by itself.
    plugins: { react },
    settings: { react: { pragma: "h", version: "18" } },
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      "prettier/prettier": ["error", { printWidth: 120 }],
      "react/jsx-uses-react": "error",
      "react/jsx-uses-vars": "error",
    },
  },
  // The build puts a JSON literal in this name's place.
  {
    files: ["plugin/entry.js", "probe/*-entry.js", "terminal/answers.js"],
    languageOptions: { globals: { RUNBUTTON_CONFIG: "readonly" } },
  },
];
