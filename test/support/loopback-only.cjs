/**
 * Preloaded into every test process and its children (NODE_OPTIONS=--require): whatever tries to leave this machine
 * throws, and is written to the file that LOOPBACK_ONLY_MARKER names, so that the run fails also where the error is
 * swallowed. Guards TCP (with that TLS, HTTP, fetch), dgram, DNS, and the UDP of udx-native, which Node does not see.
 *
 * Sockets of the file system and listening are free. A native addon besides udx-native, or a program that is not Node,
 * is not seen: for these run-tests.mjs takes the network away altogether where the system lets it.
 */
'use strict';
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');

const MARKER = 'LOOPBACK_ONLY_MARKER';
const marker = process.env[MARKER];

/** True for names and addresses that never leave this machine. Nothing given means localhost everywhere in Node. */
function isLoopback(host) {
  if (host === undefined || host === null || host === '') return true;
  const name = String(host).toLowerCase();
  if (net.isIPv4(name)) return name.startsWith('127.');
  if (net.isIPv6(name)) return name === '::1' || /^(?:0+:){7}0*1$/.test(name) || name.startsWith('::ffff:127.');
  return name === 'localhost' || name.endsWith('.localhost');
}

function stop(what, host) {
  const error = Object.assign(new Error(`loopback only: ${what} ${host} was stopped`), { code: 'ELOOPBACKONLY' });
  if (marker) fs.appendFileSync(marker, `process ${process.pid}: ${error.stack}\n\n`);
  throw error;
}

function check(what, host) {
  if (!isLoopback(host)) stop(what, host);
}

/** Replaces `owner[name]` by one that asks `guard` first. */
function before(owner, name, guard) {
  const original = owner[name];
  if (typeof original !== 'function') return;
  function guarded(...args) {
    guard.apply(this, args);
    return Reflect.apply(original, this, args);
  }
  // With what util.promisify looks for on it.
  owner[name] = Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
}

/** The host of `connect`'s many forms (options, port and host, path, or all of it as Node hands it on); null: a path. */
function hostOf([first, second]) {
  const target = Array.isArray(first) ? first[0] : first;
  if (typeof target === 'object' && target !== null) return target.path ? null : target.host;
  const isPath = typeof target === 'string' && !(Number(target) >= 0);
  return isPath ? null : typeof second === 'string' ? second : null;
}

before(net.Socket.prototype, 'connect', (...args) => check('TCP to', hostOf(args)));

before(dgram.Socket.prototype, 'connect', (_port, address) => {
  if (typeof address === 'string') check('UDP to', address);
});
before(dgram.Socket.prototype, 'send', (_message, offset, length, port, address) => {
  // (message, offset, length, port, address, done) or (message, port, address, done), as Node tells them apart.
  const long = address || (port && typeof port !== 'function');
  const host = long ? address : length;
  if (typeof host === 'string') check('UDP to', host);
});

/** A literal is not looked up. Anything else but localhost is; and the resolvers ask a server whatever they are given. */
function guardDns(api) {
  before(api, 'lookup', (host) => {
    if (net.isIP(String(host)) === 0) check('DNS of', host);
  });
  for (const owner of [api, api.Resolver?.prototype]) {
    for (const name of owner ? Object.getOwnPropertyNames(owner) : []) {
      if (/^(?:resolve|reverse)/.test(name)) before(owner, name, (host) => stop('DNS of', host));
    }
  }
  before(api, 'lookupService', (host) => check('DNS of', host));
}
guardDns(dns);
guardDns(dns.promises);

/** By its functions' arguments, as lib/socket.js, lib/stream.js and lib/udx.js of udx-native pass them. */
function guardUdx(binding) {
  before(binding, 'udx_napi_socket_send_ttl', (_socket, _request, _id, _buffer, _port, host) => check('UDX to', host));
  before(binding, 'udx_napi_stream_connect', (_stream, _socket, _id, _port, host) => check('UDX to', host));
  before(binding, 'udx_napi_stream_change_remote', (_stream, _socket, _id, _port, host) => check('UDX to', host));
  before(binding, 'udx_napi_lookup', (_udx, _request, host) => check('DNS of', host));
}
const dlopen = process.dlopen.bind(process);
process.dlopen = function guarded(module, file, ...rest) {
  dlopen(module, file, ...rest);
  if (/udx-native/.test(file)) guardUdx(module.exports);
};

/** Children whose environment a test made itself are guarded all the same. */
before(childProcess.ChildProcess.prototype, 'spawn', ({ envPairs }) => {
  if (!Array.isArray(envPairs)) return;
  for (const name of ['NODE_OPTIONS', MARKER]) {
    const value = process.env[name];
    if (value && !envPairs.some((pair) => pair.startsWith(`${name}=`))) envPairs.push(`${name}=${value}`);
  }
});

syncBuiltinESMExports();
