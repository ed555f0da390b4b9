// npm runs this after `npm ci` and `npm install`; `npm start` and `npm test` do the same by themselves if it was skipped.
import { healNativeEvm } from './dependencies.mjs';

process.exitCode = healNativeEvm();
