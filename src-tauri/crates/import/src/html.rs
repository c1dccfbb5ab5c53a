//! Tables of a page, or of a part of one as the clipboard has it. Only the tokens of HTML are read: there are no scripts, no
//! styles, no pictures, and nothing is fetched. Tags that are nowhere closed end where browsers end them.

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

use crate::error::{Result, Unreadable};
use crate::limits::{CELLS, COLUMNS, ROWS, TABLES};
use crate::progress::Watch;
use crate::source::SourceKind;
use crate::table::{Cell, Document, Tables};

/// Bytes that are read before it is asked whether the limits still hold.
const PIECE: usize = 16 * 1024;
/// The most columns or rows that a browser lets one cell cover.
const MOST_COVERED: usize = 1_000;

/// Reads every table of `page`.
pub(crate) fn read(page: &str, watch: Watch<'_>) -> Result<Document> {
    let tokenizer = Tokenizer::new(Sink::default(), Default::default());
    let input = BufferQueue::default();
    let mut rest = page;
    while !rest.is_empty() {
        let mut end = PIECE.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        input.push_back(StrTendril::from_slice(piece));
        // It stops where a browser would run a script, or learn of another encoding.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.sink.page.borrow().check()?;
    }
    tokenizer.end();
    tokenizer.sink.page.take().into_document(watch)
}

/// A cell's text is shared with the rows below that the cell covers.
type Text = Rc<str>;

#[derive(Default)]
struct Sink {
    page: RefCell<Page>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                page.start(&tag);
                // What a browser does not read as tags is not read as tags here either.
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => page.end(&tag.name),
            Token::CharacterTokens(text) => page.text(&text),
            Token::NullCharacterToken
            | Token::CommentToken(_)
            | Token::DoctypeToken(_)
            | Token::ParseError(_)
            | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

/// What has been read of a page.
#[derive(Default)]
struct Page {
    done: Vec<(usize, PageTable)>,
    /// Tables within tables, the innermost last, with their places on the page.
    open: Vec<(usize, PageTable)>,
    begun: usize,
    /// The element of which nothing is shown, and how many of its name are open within.
    unseen: Option<(Box<str>, usize)>,
    /// Rows of all tables.
    rows: usize,
    is_too_wide: bool,
}

#[derive(Default)]
struct PageTable {
    rows: Vec<Vec<(usize, Text)>>,
    /// What covers columns of the rows to come: of each column, how many rows more, and the text.
    covering: Vec<Option<(usize, Text)>>,
    /// Cells with something in them, those that are covered from above among them.
    cells: usize,
    in_row: bool,
    column: usize,
    cell: Option<OpenCell>,
}

struct OpenCell {
    text: String,
    columns: usize,
    rows: usize,
}

impl Page {
    /// Whether what has been read is still within the limits: what goes beyond takes memory for nothing.
    fn check(&self) -> Result<()> {
        if self.rows > ROWS {
            return Err(Unreadable::TooManyRows.into());
        }
        let tables = self.open.iter().chain(&self.done);
        let cells: usize = tables.map(|(_, table)| table.cells).sum();
        if self.is_too_wide || cells > CELLS || self.begun > TABLES {
            return Err(Unreadable::TooWide.into());
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if let Some((unseen, within)) = &mut self.unseen {
            if is_of_a_table(name) {
                // Whoever forgot to close it did not mean the rest of the page.
                self.unseen = None;
            } else {
                *within += usize::from(&**unseen == name);
                return;
            }
        }
        match name {
            "table" => {
                self.open.push((self.begun, PageTable::default()));
                self.begun += 1;
            }
            "tr" => {
                self.rows += 1;
                self.innermost().begin_row();
            }
            "td" | "th" => {
                let column = self
                    .innermost()
                    .begin_cell(covered(tag, "colspan"), covered(tag, "rowspan"));
                self.is_too_wide |= column > COLUMNS;
            }
            "thead" | "tbody" | "tfoot" => self.innermost().end_row(),
            "br" | "p" | "div" | "li" => self.text_of_cell("\n"),
            _ if !tag.self_closing && !is_void(name) && (is_unread(name) || is_hidden(tag)) => {
                self.unseen = Some((name.into(), 0));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match &mut self.unseen {
            Some((unseen, 0)) if &**unseen == name => {
                self.unseen = None;
                return;
            }
            Some((unseen, within)) if &**unseen == name => {
                *within -= 1;
                return;
            }
            Some(_) if is_of_a_table(name) => self.unseen = None,
            Some(_) => return,
            None => {}
        }
        match name {
            "table" => {
                if let Some((place, mut table)) = self.open.pop() {
                    table.end_row();
                    self.done.push((place, table));
                }
            }
            "tr" | "thead" | "tbody" | "tfoot" if !self.open.is_empty() => self.innermost().end_row(),
            "td" | "th" if !self.open.is_empty() => self.innermost().end_cell(),
            "p" | "div" | "li" => self.text_of_cell("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.unseen.is_none() {
            self.text_of_cell(text);
        }
    }

    fn text_of_cell(&mut self, text: &str) {
        let innermost = self.open.last_mut().and_then(|(_, table)| table.cell.as_mut());
        if let Some(cell) = innermost {
            if text == "\n" {
                cell.text.push('\n');
            } else {
                // White space of the source is none of the text.
                cell.text
                    .extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
            }
        }
    }

    /// The table that is being read. Rows that were copied without their table are one.
    fn innermost(&mut self) -> &mut PageTable {
        if self.open.is_empty() {
            self.open.push((self.begun, PageTable::default()));
            self.begun += 1;
        }
        let last = self.open.len() - 1;
        &mut self.open[last].1
    }

    fn into_document(mut self, watch: Watch<'_>) -> Result<Document> {
        for (place, mut table) in self.open.drain(..) {
            table.end_row();
            self.done.push((place, table));
        }
        self.done.sort_by_key(|(place, _)| *place);
        let mut tables = Tables::new(watch);
        for (_, table) in self.done {
            tables.table(None, None)?;
            for (row, cells) in (1..).zip(table.rows) {
                for (column, text) in cells {
                    tables.cell(row, column, Cell::text(&text))?;
                }
            }
        }
        tables.finish(SourceKind::Html)
    }
}

impl PageTable {
    fn begin_row(&mut self) {
        self.end_row();
        self.in_row = true;
        self.column = 0;
        self.rows.push(Vec::new());
    }

    /// Begins a cell, and returns in which column.
    fn begin_cell(&mut self, columns: usize, rows: usize) -> usize {
        self.end_cell();
        if !self.in_row {
            self.begin_row();
        }
        self.skip_covered();
        self.cell = Some(OpenCell {
            text: String::new(),
            columns,
            rows,
        });
        self.column
    }

    /// Writes what covers the next columns from above, and goes on behind it.
    fn skip_covered(&mut self) {
        while let Some(Some((rows, text))) = self.covering.get_mut(self.column) {
            *rows -= 1;
            let text = Rc::clone(text);
            if *rows == 0 {
                self.covering[self.column] = None;
            }
            self.write(text);
            self.column += 1;
        }
    }

    fn write(&mut self, text: Text) {
        if let Some(row) = self.rows.last_mut()
            && !text.is_empty()
        {
            row.push((self.column, text));
            self.cells += 1;
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        let text: Text = tidied(&cell.text).into();
        if cell.rows > 1 {
            // Its text stands in the first of the columns that it covers.
            let columns = self.column..(self.column + cell.columns).min(COLUMNS);
            if self.covering.len() < columns.end {
                self.covering.resize(columns.end, None);
            }
            for column in columns {
                let text = if column == self.column {
                    Rc::clone(&text)
                } else {
                    "".into()
                };
                self.covering[column] = Some((cell.rows - 1, text));
            }
        }
        self.write(text);
        self.column += cell.columns;
    }

    fn end_row(&mut self) {
        self.end_cell();
        if std::mem::take(&mut self.in_row) {
            self.skip_covered();
        }
    }
}

/// The lines of a cell: none empty at its ends, single spaces between words.
fn tidied(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for line in text.split('\n') {
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        let mut words = line.split_whitespace();
        tidied.extend(words.next());
        for word in words {
            tidied.push(' ');
            tidied.push_str(word);
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

fn covered(tag: &Tag, attribute: &str) -> usize {
    let value = tag.attrs.iter().find(|given| &*given.name.local == attribute);
    let count = value.and_then(|given| given.value.trim().parse().ok()).unwrap_or(1);
    count.clamp(1, MOST_COVERED)
}

fn is_of_a_table(name: &str) -> bool {
    matches!(name, "table" | "tr" | "td" | "th" | "thead" | "tbody" | "tfoot")
}

/// Elements whose content is no text of the page.
fn is_unread(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "title"
            | "textarea"
            | "select"
            | "template"
            | "object"
            | "svg"
            | "head"
            // What LibreOffice makes of notes that people stuck to a cell.
            | "comment"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// What the portal hides, the sorting keys of its tables among it, nobody has seen.
fn is_hidden(tag: &Tag) -> bool {
    tag.attrs.iter().any(|given| match &*given.name.local {
        "hidden" => true,
        "style" => {
            let style: String = given.value.chars().filter(|c| !c.is_whitespace()).collect();
            style.to_ascii_lowercase().contains("display:none")
        }
        _ => false,
    })
}
