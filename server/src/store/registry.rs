//! The registers: stores, branches, people, products, devices, parts. Each file knows one.

pub mod session;
