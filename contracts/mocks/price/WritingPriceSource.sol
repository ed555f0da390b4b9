// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title WritingPriceSource
/// @notice A price source that misbehaves: it tries to write.
contract WritingPriceSource {
    uint256 public price;

    fallback() external {
        price = 1e18;
        assembly {
            mstore(0, 1000000000000000000)
            return(0, 32)
        }
    }
}
