// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title FixedPriceSource
/// @notice A price source that misbehaves: it always says the same, be it 0, one wei or the largest word.
contract FixedPriceSource {
    uint256 private immutable PRICE;

    constructor(uint256 price) {
        PRICE = price;
    }

    fallback() external {
        uint256 price = PRICE;
        assembly {
            mstore(0, price)
            return(0, 32)
        }
    }
}
