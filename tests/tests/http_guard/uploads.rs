//! Files cost no more than they may, whoever sends them.

use aftercare::upload::{BYTES, Unfit, clean};

/// A picture that does not shrink, as PNG without compression: bytes that follow no rule.
fn noise(side: usize) -> Vec<u8> {
    let mut state = 7_u32;
    let mut raw = Vec::with_capacity(side * (side * 4 + 1));
    for _ in 0..side {
        raw.extend([0]); // No filter.
        for _ in 0..side * 4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            raw.push(state.to_be_bytes()[0]);
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = u32::try_from(side).unwrap().to_be_bytes();
    chunk(&mut png, b"IHDR", &[&side[..], &side[..], &[8, 6, 0, 0, 0]].concat());
    let mut data = vec![0x78, 0x01];
    let pieces: Vec<&[u8]> = raw.chunks(65_535).collect();
    for (n, piece) in pieces.iter().enumerate() {
        data.push(u8::from(n + 1 == pieces.len()));
        let length = u16::try_from(piece.len()).unwrap();
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(*piece);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    data.extend(((b << 16) | a).to_be_bytes());
    chunk(&mut png, b"IDAT", &data);
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(body);
    let mut crc = u32::MAX;
    for byte in &png[start..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    png.extend((!crc).to_be_bytes());
}

#[test]
fn a_picture_that_grows_when_it_is_drawn_anew_is_not_kept() {
    let large = clean("a.png", noise(1700));
    assert_eq!(large.map(|clean| clean.body.len()), Err(Unfit::Size));
    let small = clean("a.png", noise(200)).expect("it is kept");
    assert!(small.body.len() < BYTES && small.media_type == "image/png");
}
