//! What was compressed, bounded: a few bytes can stand for any number.

use super::fault::Fault;
use std::io::Read;

/// How many bytes a compressed file may hold.
const MOST_BYTES: u64 = 1 << 30;

/// How many bytes it may hold for each byte it has, beyond the first [`FREE_BYTES`].
const MOST_RATIO: u64 = 200;

/// What is not counted towards the ratio.
const FREE_BYTES: u64 = 32 << 20;

/// How much `stored` bytes may become.
pub fn allowed(stored: usize) -> u64 {
    MOST_BYTES.min(FREE_BYTES.max((stored as u64).saturating_mul(MOST_RATIO)))
}

/// The contents of a gzip file.
///
/// # Errors
/// Where it is damaged or too large.
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let most = allowed(bytes.len());
    let mut found = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut found);
    read.map_err(|error| Fault::DamagedArchive(error.to_string()))?;
    if found.len() as u64 > most { Err(Fault::TooLargeInside) } else { Ok(found) }
}
