// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title FixedPriceSource
/// @notice A price source that misbehaves: it always says the same, be it 0, one wei or the largest word.
contract FixedPriceSource {
    /// @notice What it says.
    uint256 public immutable PRICE;

    constructor(uint256 price) {
        PRICE = price;
    }

    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external view returns (uint256) {
        return PRICE;
    }
}
