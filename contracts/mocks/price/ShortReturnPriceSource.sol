// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ShortReturnPriceSource
/// @notice A price source that misbehaves: it answers 31 bytes.
contract ShortReturnPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure {
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 31)
        }
    }
}
