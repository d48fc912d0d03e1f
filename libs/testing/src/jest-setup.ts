// Order matters: Nest is ESM, and CommonJS packages that require it (the throttler) fail
// inside a module cycle unless Nest was loaded first.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
