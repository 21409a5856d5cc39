// Every sentence of the settings page, in both languages side by side.

export const settingsTexts = {
  title: { ja: "実行ボタンの認証情報", en: "Credentials for Run buttons" },
  intro: {
    ja: "保存した値はkintoneのサーバーで管理され、アプリの利用者は参照できません。アプリ管理者は参照できます。",
    en: "Saved values stay on kintone's server; users of the app cannot see them. App administrators can.",
  },
  noUnits: {
    ja: "このアプリには、このプラグインの実行ボタンがありません。設定は不要です。",
    en: "This plug-in has no Run button for this app. There is nothing to set up.",
  },
  noSecret: { ja: "認証情報が不要なボタン: {names}", en: "Buttons that need no credentials: {names}" },
  shared: {
    ja: "次のボタンは同じ宛先を使うため、認証情報も共通です。",
    en: "These buttons use the same address, and so share their credentials.",
  },
  saved: { ja: "保存済み", en: "Saved" },
  toSave: { ja: "再保存が必要", en: "To be saved again" },
  notSaved: { ja: "未保存", en: "Not saved" },
  keep: { ja: "空のままにすると、保存済みの値を変更しません。", en: "Leave it empty to keep what is saved." },
  saveOnly: { ja: "入力せずに［保存］をクリックしてください。", en: "Click Save; nothing has to be typed." },
  again: {
    ja: "ボタンの設定が変わりました。もう一度入力して保存してください。",
    en: "The button's settings have changed. Type it again and save.",
  },
  needed: { ja: "保存するまで、このボタンは使えません。", en: "The button cannot be used until this is saved." },
  remove: { ja: "保存済みの値を削除する", en: "Remove what is saved" },
  allows: { ja: "保存すると許可される通信", en: "What saving this allows" },
  beginsWith: { ja: "{method} {url} で始まるアドレス", en: "{method} to addresses that begin with {url}" },
  left: { ja: "以前の設定の残り", en: "Left from earlier settings" },
  leftAllows: {
    ja: "次の通信は、今のボタンでは使いませんが、まだ許可されています。次に保存すると削除されます。",
    en: "No button needs these requests any more, and they are still allowed. The next save takes them away.",
  },
  save: { ja: "保存", en: "Save" },
  cancel: { ja: "キャンセル", en: "Cancel" },
  saving: { ja: "保存しています…（{done}/{total}）", en: "Saving… ({done} of {total})" },
  nothing: { ja: "変更がないため、保存しませんでした。", en: "Nothing was changed, so nothing was saved." },
  done: {
    ja: "保存しました。[アプリを更新]をクリックすると反映されます。",
    en: "Saved. Click [Update App] to apply.",
  },
  partly: { ja: "保存しました: {names}", en: "Saved: {names}" },
  failed: {
    ja: "保存できませんでした。もう一度保存してください: {names}",
    en: "Could not be saved; save again: {names}",
  },
  failedConfig: {
    ja: "ボタンの状態を保存できませんでした。もう一度保存してください。",
    en: "Which buttons can be used could not be saved; save again.",
  },
  unsaved: { ja: "未保存のボタンが{n}個あります。", en: "Buttons that are not saved yet: {n}" },
  appSettings: { ja: "アプリの設定", en: "App settings" },
};
