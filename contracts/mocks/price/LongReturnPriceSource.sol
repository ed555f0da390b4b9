// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title LongReturnPriceSource
/// @notice A price source that misbehaves: it answers two words.
contract LongReturnPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 64)
        }
    }
}
