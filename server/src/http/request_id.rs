//! A short random name for one request or failure, by which a person finds it in the log.

/// Twelve letters and digits. All zeros when the machine gives no randomness.
pub fn new() -> String {
    use std::fmt::Write;
    let mut bytes = [0_u8; 6];
    // Without randomness the name is useless but the answer is still right.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().fold(String::with_capacity(12), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
