// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEmissionCurve} from "../../emission/interfaces/IEmissionCurve.sol";
import {Epoch} from "../../types/Epoch.sol";
import {TaskId} from "../../types/TaskId.sol";

/// @title TaskRegistry: what counts as work, and how much each kind of it weighs
/// @notice Holds, for every epoch, the tasks and their weights, the hash of the scoring policy and the score from which
/// on somebody counts as a participant of a task. A change is announced for an epoch that has not started yet; what
/// applies to an epoch that has started never changes.
/// @dev A weight is a share of 1e18; the weights of an epoch add up to exactly 1e18.
interface ITaskRegistry {
    /// @notice A task and its weight.
    /// @param task The task.
    /// @param weight Its share of the miners' part, of 1e18.
    struct TaskWeight {
        TaskId task;
        uint64 weight;
    }

    /// @notice A task and its minimum score.
    /// @param task The task.
    /// @param minScore The score from which on an account counts as its participant.
    struct TaskMinScore {
        TaskId task;
        uint96 minScore;
    }

    /// @notice A task of the first table.
    /// @param task The task.
    /// @param name What it is called.
    /// @param weight Its share of the miners' part, of 1e18.
    /// @param minScore The score from which on an account counts as its participant.
    struct FirstTask {
        TaskId task;
        string name;
        uint64 weight;
        uint96 minScore;
    }

    /// @notice A task was added to the list of known tasks. It earns nothing before it stands in a table.
    event TaskAdded(TaskId indexed task, string name);

    /// @notice From epoch `from` on this task weighs `newWeight` (0: it is retired) instead of `oldWeight` (0: it is new).
    /// One event for each task of the old and of the new table, by rising id, changed or not.
    event WeightScheduled(TaskId indexed task, Epoch indexed from, uint64 oldWeight, uint64 newWeight);

    /// @notice From epoch `from` on an account needs `newMinScore` instead of `oldMinScore` to be a participant.
    event MinScoreScheduled(TaskId indexed task, Epoch indexed from, uint96 oldMinScore, uint96 newMinScore);

    /// @notice From epoch `from` on scores are computed by another policy.
    event PolicyScheduled(Epoch indexed from, bytes32 oldHash, bytes32 newHash, string uri);

    /// @notice The epoch has already started, so nothing that applies to it can be changed any more.
    error TaskRegistry_EpochStarted(Epoch from, uint40 start, uint40 present);

    /// @notice A change is already scheduled for a later epoch.
    error TaskRegistry_BeforeLastChange(Epoch from, Epoch lastChange);

    /// @notice The epoch lies further ahead than {MAX_LEAD}.
    error TaskRegistry_TooFarAhead(Epoch from, uint40 start, uint40 latest);

    /// @notice The task is known already.
    error TaskRegistry_TaskExists(TaskId task);

    /// @notice The task was never added.
    error TaskRegistry_TaskUnknown(TaskId task);

    /// @notice The task was retired; its id never comes back.
    error TaskRegistry_TaskRetired(TaskId task, Epoch retiredFrom);

    /// @notice A name is empty or too long.
    error TaskRegistry_NameLengthOutOfRange(uint256 length, uint256 maximum);

    /// @notice The ids do not rise strictly.
    error TaskRegistry_TasksNotRising(uint256 position, TaskId task, TaskId previous);

    /// @notice No task, or too many.
    error TaskRegistry_TaskCountOutOfRange(uint256 count, uint256 maximum);

    /// @notice A weight is under the floor.
    error TaskRegistry_WeightTooLow(TaskId task, uint64 weight, uint64 minimum);

    /// @notice The weights do not add up to 1e18.
    error TaskRegistry_WeightSumWrong(uint256 sum, uint256 expected);

    /// @notice There is not exactly one minimum score for each task of the table.
    error TaskRegistry_MinScoreCountWrong(uint256 count, uint256 expected);

    /// @notice A minimum score is for another task than the one that stands at its position in the table.
    error TaskRegistry_MinScoreTaskWrong(uint256 position, TaskId task, TaskId expected);

    /// @notice A minimum score of 0 would make everybody a participant.
    error TaskRegistry_MinScoreZero(TaskId task);

    /// @notice A policy needs a hash.
    error TaskRegistry_PolicyHashZero();

    /// @notice Makes a task known under a name. It earns nothing before it stands in a table.
    ///
    /// Emits {TaskAdded}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - the id was never used;
    /// - the name has 1 to {MAX_NAME_LENGTH} bytes.
    function addTask(TaskId task, string calldata name) external;

    /// @notice Sets the whole table of tasks and weights from epoch `from` on. A task that is left out is retired, for
    /// ever. A task that stays keeps its minimum score, a new one gets 1. A table already scheduled for that very epoch
    /// is replaced, together with its retirements.
    ///
    /// Emits {WeightScheduled} for each task of the old and of the new table.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - `from` has not started, is not before the last change scheduled, and not further ahead than {MAX_LEAD};
    /// - 1 to {MAX_TASKS} tasks, all known, none retired, by rising id;
    /// - each weight is at least {MIN_WEIGHT}, and together they are exactly 1e18.
    /// @param from The first epoch to which the table applies.
    /// @param table The whole new table.
    function scheduleTasks(Epoch from, TaskWeight[] calldata table) external;

    /// @notice Sets the scoring policy and the minimum scores from epoch `from` on. Each minimum score names its task: if
    /// another table was scheduled for `from` while this change waited, it is refused instead of landing on wrong tasks.
    ///
    /// Emits {PolicyScheduled}, and {MinScoreScheduled} for each task of the table.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - `from` has not started, is not before the last change scheduled, and not further ahead than {MAX_LEAD};
    /// - `newHash` is not zero;
    /// - exactly the tasks of the table that applies to `from`, by rising id, each with a minimum score of at least 1.
    /// @param from The first epoch to which the policy applies.
    /// @param newHash The hash of the policy file's content.
    /// @param uri Where the file can be read; only printed in the event.
    /// @param minScores The score from which on an account is a participant, for each task.
    function schedulePolicy(
        Epoch from,
        bytes32 newHash,
        string calldata uri,
        TaskMinScore[] calldata minScores
    ) external;

    /// @notice Everything that applies to an epoch: the tasks by rising id and, position by position, their weights and
    /// minimum scores, and the policy's hash.
    /// @param epoch Any epoch; for one that has not started, what is scheduled for it as of now.
    function tasksAt(
        Epoch epoch
    )
        external
        view
        returns (TaskId[] memory tasks, uint64[] memory weights, uint96[] memory minScores, bytes32 policyHash);

    /// @notice The hash of the policy that applies to an epoch.
    function policyAt(Epoch epoch) external view returns (bytes32 policyHash);

    /// @notice Whether a task was added, be it active, waiting or retired.
    function isKnown(TaskId task) external view returns (bool);

    /// @notice The epoch from which on a task is retired; 0 if it is not.
    function retiredFrom(TaskId task) external view returns (Epoch);

    /// @notice The last epoch for which a change is scheduled.
    function lastChange() external view returns (Epoch);

    /// @notice The curve, whose clock says when an epoch starts.
    function CURVE() external view returns (IEmissionCurve);

    /// @notice The most tasks that one table can hold.
    function MAX_TASKS() external view returns (uint256);

    /// @notice The smallest weight of an active task, of 1e18.
    function MIN_WEIGHT() external view returns (uint64);

    /// @notice The longest name of a task, in bytes.
    function MAX_NAME_LENGTH() external view returns (uint256);

    /// @notice How far ahead a change can be scheduled, in seconds: a slip of the pen must not lock the registry.
    function MAX_LEAD() external view returns (uint40);
}
