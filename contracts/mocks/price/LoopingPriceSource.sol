// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title LoopingPriceSource
/// @notice A price source that misbehaves: it never comes to an end.
contract LoopingPriceSource {
    fallback() external {
        assembly ("memory-safe") {
            for {} 1 {} {}
        }
    }
}
