// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A source of the token's price
/// @notice Says what the token was worth over an epoch. The reserve asks it when the epoch is closed.
/// @dev The reserve trusts a source for the figure and for nothing else: it calls it with bounded gas, reads one word and
/// goes on without a price if anything is odd. An implementer must give the **same answer at every moment after `end`**,
/// whatever happens meanwhile, and stay well below the reserve's PRICE_READ_GAS with cold storage; otherwise whoever
/// closes the epoch could choose the answer by choosing the moment or an access list.
interface IPriceSource {
    /// @notice The price of one whole token over [start, end), in the same unit as the reserve's reference price, times
    /// 1e18. 0, or a revert, means that there is none.
    /// @param start The first second of the epoch.
    /// @param end The end of the epoch: the first second that does not belong to it.
    function priceOver(uint40 start, uint40 end) external view returns (uint256 priceWad);
}
