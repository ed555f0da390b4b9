// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title ReturnBombPriceSource
/// @notice A price source that misbehaves: it answers with a hundred kilobytes, the first word being 1.
contract ReturnBombPriceSource {
    fallback() external {
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 100000)
        }
    }
}
