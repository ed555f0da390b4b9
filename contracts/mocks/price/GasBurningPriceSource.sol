// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title GasBurningPriceSource
/// @notice A price source that misbehaves: it burns all the gas that it gets.
contract GasBurningPriceSource {
    fallback() external {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
