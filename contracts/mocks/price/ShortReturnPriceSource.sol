// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ShortReturnPriceSource
/// @notice A price source that misbehaves: it answers 31 bytes.
contract ShortReturnPriceSource {
    fallback() external {
        assembly {
            mstore(0, not(0))
            return(0, 31)
        }
    }
}
