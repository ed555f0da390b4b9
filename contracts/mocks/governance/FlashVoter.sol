// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MiningGovernor} from "../../governance/MiningGovernor.sol";
import {MiningToken} from "../../token/MiningToken.sol";

/// @title FlashVoter
/// @notice Borrows tokens, delegates, proposes or votes, and gives them back, all in one transaction.
contract FlashVoter {
    using SafeERC20 for MiningToken;

    MiningGovernor private immutable GOVERNOR;
    MiningToken private immutable TOKEN;

    constructor(MiningGovernor governor) {
        GOVERNOR = governor;
        TOKEN = MiningToken(address(governor.token()));
    }

    modifier borrowed(address lender, uint256 amount) {
        _borrow(lender, amount);
        _;
        _giveBack(lender, amount);
    }

    /// @notice Proposes with what was borrowed.
    function proposeWith(
        address lender,
        uint256 amount,
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        string calldata description
    ) external borrowed(lender, amount) {
        GOVERNOR.propose(targets, values, payloads, description);
    }

    /// @notice Votes with what was borrowed.
    function voteWith(address lender, uint256 amount, uint256 proposalId) external borrowed(lender, amount) {
        GOVERNOR.castVote(proposalId, 1);
    }

    function _borrow(address lender, uint256 amount) private {
        TOKEN.safeTransferFrom(lender, address(this), amount);
        TOKEN.delegate(address(this));
    }

    function _giveBack(address lender, uint256 amount) private {
        TOKEN.safeTransfer(lender, amount);
    }
}
