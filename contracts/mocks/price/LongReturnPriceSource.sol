// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title LongReturnPriceSource
/// @notice A price source that misbehaves: it answers two words.
contract LongReturnPriceSource {
    fallback() external {
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 64)
        }
    }
}
