// The body of a function (role, how, name, scope): the visible elements of the page that have this role and this
// accessible name, as somebody with a screen reader would look for them.
const [role, how, wanted, scope] = arguments;
const selectors = {
  button: 'button, summary, [role=button], input[type=button], input[type=submit]',
  link: 'a[href], [role=link]',
  textbox: 'input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=search], input[type=url], input[type=date], input[type=time], textarea, [role=textbox], [role=searchbox]',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  radio: 'input[type=radio], [role=radio]',
  combobox: 'select, [role=combobox]',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  row: '[role=row], tr',
  dialog: 'dialog[open], [role=dialog], [role=alertdialog]',
  option: '[role=option], option',
  listitem: 'li, [role=listitem]',
  region: 'section[aria-label], section[aria-labelledby], [role=region], aside, main',
  any: '*',
};
const clean = (text) => text.replace(/\s+/g, ' ').trim();
const byId = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
function said(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.getAttribute('aria-hidden') === 'true' || /^(SCRIPT|STYLE|INPUT|TEXTAREA)$/.test(node.tagName)) return '';
  if (node.hasAttribute('aria-label')) return ' ' + node.getAttribute('aria-label') + ' ';
  if (node.tagName === 'IMG') return ' ' + (node.alt || '') + ' ';
  const inside = [...node.childNodes].map(said).join('');
  return getComputedStyle(node).display === 'inline' ? inside : ' ' + inside + ' ';
}
function nameOf(element) {
  const labelled = element.getAttribute('aria-labelledby');
  if (labelled) return clean(byId(labelled).map(said).join(' '));
  if (element.getAttribute('aria-label')) return clean(element.getAttribute('aria-label'));
  if (element.labels && element.labels.length > 0) return clean([...element.labels].map(said).join(' '));
  return clean(said(element)) || clean(element.title || element.placeholder || '');
}
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === 'visible';
};
const fits = {
  is: (name) => name === wanted,
  starts: (name) => name.startsWith(wanted),
  has: (name) => name.includes(wanted),
}[how];
const root = scope ? document.querySelector(scope) : document;
const found = root ? [...root.querySelectorAll(selectors[role])] : [];
return found
  .filter((element) => seen(element) && fits(nameOf(element)))
  .map((element) => {
    const box = element.getBoundingClientRect();
    // A control that is drawn by its label is clicked there.
    const drawn = box.width < 4 || getComputedStyle(element).opacity === '0';
    return {
      element: drawn && element.labels && element.labels[0] ? element.labels[0] : element,
      name: nameOf(element),
      text: clean(element.innerText || element.value || ''),
      value: element.value ?? null,
      enabled: !element.disabled && element.getAttribute('aria-disabled') !== 'true' && !element.closest('[inert]'),
      focused: element === document.activeElement,
      checked: element.checked ?? element.getAttribute('aria-checked') === 'true',
      pressed: element.getAttribute('aria-pressed') === 'true',
    };
  });
