//! Aftercare server.
