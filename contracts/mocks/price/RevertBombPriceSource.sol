// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title RevertBombPriceSource
/// @notice A price source that misbehaves: it reverts with a hundred kilobytes.
contract RevertBombPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly ("memory-safe") {
            revert(0, 100000)
        }
    }
}
