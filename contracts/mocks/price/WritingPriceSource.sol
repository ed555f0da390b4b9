// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title WritingPriceSource
/// @notice A price source that misbehaves: it tries to write.
contract WritingPriceSource {
    /// @notice What it tried to write.
    uint256 public price;

    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external returns (uint256) {
        price = 1e18;
        return price;
    }
}
