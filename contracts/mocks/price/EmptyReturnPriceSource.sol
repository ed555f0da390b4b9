// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title EmptyReturnPriceSource
/// @notice A price source that misbehaves: it answers nothing at all.
contract EmptyReturnPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}
