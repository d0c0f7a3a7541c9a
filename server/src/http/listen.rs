//! The listening socket, guarded against clients that hold a connection without using it.
//!
//! The web framework has no timer for request heads. Here every connection has one: once the first byte of a
//! request has come, its head must be complete in time, and an answer must begin in time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use poem::http::uri::Scheme;
use poem::listener::{Acceptor, TcpAcceptor};
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::edge::LONGEST;
use crate::config::Limits;

/// End of a request's head.
const END: &[u8; 4] = b"\r\n\r\n";
/// How an answer begins that another one follows.
const INTERIM: &[u8] = b"HTTP/1.1 1";

/// A TCP socket whose connections are watched.
pub struct Watched {
    inner: TcpAcceptor,
    head: Duration,
    answer: Duration,
}

impl Watched {
    pub fn new(inner: TcpAcceptor, limits: &Limits) -> Self {
        // Each route ends its requests itself, in its own time; this ends what no route does, a little later, so that
        // the answer which names a limit gets out.
        let answer = limits.read.max(LONGEST) + limits.answer + Duration::from_secs(5);
        Self { inner, head: limits.read, answer }
    }
}

impl Acceptor for Watched {
    type Io = WatchedStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.inner.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, local, remote, scheme) = self.inner.accept().await?;
        // Answers are small; waiting to fill a packet only makes them late.
        let _ = stream.set_nodelay(true);
        let stream =
            WatchedStream { stream, phase: Phase::Quiet, timer: None, head: self.head, answer: self.answer };
        Ok((stream, local, remote, scheme))
    }
}

/// Where a connection is between two answers.
enum Phase {
    /// Nothing of the next request has come.
    Quiet,
    /// In its head; how much of [`END`] has been seen.
    Head(usize),
    /// The head is complete.
    Waiting,
}

/// One watched connection.
pub struct WatchedStream {
    stream: TcpStream,
    phase: Phase,
    timer: Option<Pin<Box<Sleep>>>,
    head: Duration,
    answer: Duration,
}

impl WatchedStream {
    fn saw(&mut self, bytes: &[u8]) {
        if matches!(self.phase, Phase::Quiet) && !bytes.is_empty() {
            self.phase = Phase::Head(0);
            self.timer = Some(Box::pin(tokio::time::sleep(self.head)));
        }
        let Phase::Head(matched) = &mut self.phase else { return };
        for byte in bytes {
            *matched = match END.get(*matched) {
                Some(wanted) if wanted == byte => *matched + 1,
                _ => usize::from(*byte == b'\r'),
            };
            if *matched == END.len() {
                self.phase = Phase::Waiting;
                self.timer = Some(Box::pin(tokio::time::sleep_until(Instant::now() + self.answer)));
                return;
            }
        }
    }

    fn answered(&mut self, bytes: &[u8]) {
        // What only says that the body may come is no answer yet.
        if matches!(self.phase, Phase::Waiting) && bytes.starts_with(INTERIM) {
            return;
        }
        self.phase = Phase::Quiet;
        self.timer = None;
    }

    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        self.timer.as_mut().is_some_and(|timer| timer.as_mut().poll(cx).is_ready())
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => {
                let new = buf.filled().get(before..).unwrap_or_default();
                self.saw(new);
                if self.is_late(cx) {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
                Poll::Ready(Ok(()))
            }
            Poll::Pending if self.is_late(cx) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            other => other,
        }
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.answered(buf);
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.answered(parts.iter().find(|part| !part.is_empty()).map_or(&[], |part| part));
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
