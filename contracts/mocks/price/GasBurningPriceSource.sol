// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title GasBurningPriceSource
/// @notice A price source that misbehaves: it burns all the gas that it gets at once.
contract GasBurningPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
