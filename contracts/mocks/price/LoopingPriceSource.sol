// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title LoopingPriceSource
/// @notice A price source that misbehaves: it never comes to an end.
contract LoopingPriceSource {
    /// @notice Called as a price source would be.
    function priceOver(uint40, uint40) external pure returns (uint256 price) {
        while (true) ++price;
    }
}
