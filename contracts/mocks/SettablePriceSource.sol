// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IPriceSource} from "../reserve/interfaces/IPriceSource.sol";

/// @title SettablePriceSource
/// @notice A price that its owner sets, for demonstrations and tests: what was set last before an epoch's end is its price.
/// Warning: whoever owns it chooses the price. Not for a token that is worth anything.
contract SettablePriceSource is IPriceSource, Ownable {
    using Checkpoints for Checkpoints.Trace160;

    Checkpoints.Trace160 private _prices;

    /// @notice From `from` on the price is `newPrice` instead of `oldPrice` (both wad).
    event PriceSet(uint40 indexed from, uint256 oldPrice, uint256 newPrice);

    constructor() Ownable(msg.sender) {}

    /// @notice Sets the price from a moment on, past or future, in the order of time; 0 means that there is none.
    ///
    /// Emits {PriceSet}.
    ///
    /// Requirements:
    /// - the caller is the owner;
    /// - `from` is not before the last moment set (the same one overwrites).
    function setPrice(uint40 from, uint160 newPrice) external onlyOwner {
        emit PriceSet(from, _prices.latest(), newPrice);
        _prices.push(from, newPrice);
    }

    /// @inheritdoc IPriceSource
    function priceOver(uint40, uint40 end) external view returns (uint256 priceWad) {
        return end == 0 ? 0 : _prices.upperLookupRecent(end - 1);
    }
}
