// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ReturnBombPriceSource
/// @notice A price source that misbehaves: it answers a hundred kilobytes, the first word being a fine price.
contract ReturnBombPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 100000)
        }
    }
}
