//! Files to attach: small, and really what their content says.

use std::fs;
use std::path::{Path, PathBuf};

/// A PDF of one page with `text` on it, with a correct table of its objects: any reader opens it.
#[must_use]
pub fn pdf(text: &str) -> Vec<u8> {
    let words: String = text.chars().filter(|c| c.is_ascii() && !"()\\".contains(*c)).collect();
    let content = format!("BT /F1 18 Tf 72 760 Td ({words}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

/// A PNG of one dark pixel.
pub const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xAF, 0xA4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

/// A text that pretends to be a PDF by its name alone.
pub const TEXT: &[u8] = b"Solo testo, qualunque cosa dica il nome.\n";

/// Writes `content` as `name` in `folder`.
///
/// # Panics
/// Where the disk refuses.
#[track_caller]
pub fn put(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder for the files");
    let path = folder.join(name);
    fs::write(&path, content).expect("the file can be written");
    path
}
