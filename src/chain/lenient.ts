import type { BytesLike, EventFragment, FunctionFragment, Interface, ParamType } from 'ethers';
import { AbiCoder, dataSlice, Result } from 'ethers';

import { hexToBytes } from '../protocol/words.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An event as a node gave it, with its interface's own reading of it. */
export interface DecodedEvent {
  readonly fragment: EventFragment;
  /** Not read where the value is no text. */
  readonly args: readonly unknown[];
  readonly data: string;
}

/** A call of a function that a contract has. */
export interface ParsedCall {
  readonly name: string;
  readonly fragment: FunctionFragment;
  readonly args: Result;
}

/**
 * Decodes values, of which strings may be no text: whoever writes one on chain writes what bytes he likes, and nobody checks them.
 * Such a string is given as its bytes in hexadecimal.
 */
export function decodeLeniently(inputs: readonly ParamType[], data: BytesLike): Result {
  return named(inputs, decodeRaw(inputs, data));
}

/** The arguments of an event, whatever its strings are; those that are indexed stand in the topics. */
export function eventArguments({ fragment: { inputs }, args, data }: DecodedEvent): Result {
  const inData = inputs.filter(({ indexed }) => indexed !== true);
  const values = decodeLeniently(inData, data);
  const all = inputs.map((input, at): unknown => (input.indexed === true ? args[at] : values[inData.indexOf(input)]));
  return Result.fromItems(all, namesOf(inputs));
}

/** A string argument of an event as its bytes, in hexadecimal. */
export function textBytes({ fragment: { inputs }, data }: DecodedEvent, name: string): string {
  const inData = inputs.filter(({ indexed }) => indexed !== true);
  return String(decodeRaw(inData, data)[inData.findIndex((input) => input.name === name)]);
}

/** Reads a call, whatever its strings are; null where the interface has no such function. */
export function parseCall(contract: Interface, data: string): ParsedCall | null {
  const fragment = contract.getFunction(data.slice(0, 10));
  if (fragment === null) return null;
  return { name: fragment.name, fragment, args: decodeLeniently(fragment.inputs, dataSlice(data, 4)) };
}

/** Bytes as the text that they are, or as they are. */
export function textOf(bytes: string): string {
  try {
    return decoder.decode(hexToBytes(bytes));
  } catch (error) {
    if (error instanceof TypeError) return bytes;
    throw error;
  }
}

function decodeRaw(inputs: readonly ParamType[], data: BytesLike): Result {
  const types = inputs.map((input) => input.format('sighash').replaceAll(/\bstring\b/g, 'bytes'));
  return AbiCoder.defaultAbiCoder().decode(types, data);
}

function named(inputs: readonly ParamType[], values: readonly unknown[]): Result {
  return Result.fromItems(
    inputs.map((input, at) => lenient(input, values[at])),
    namesOf(inputs),
  );
}

function lenient({ baseType, arrayChildren, components }: ParamType, value: unknown): unknown {
  if (baseType === 'string') return textOf(String(value));
  if (arrayChildren !== null) return Result.fromItems((value as unknown[]).map((item) => lenient(arrayChildren, item)));
  return components === null ? value : named(components, value as unknown[]);
}

function namesOf(inputs: readonly ParamType[]): (string | null)[] {
  return inputs.map(({ name }) => (name === '' ? null : name));
}
