// Renode's TIMER of the nRF52840, and what it lacks (Product Specification v1.7, 6.30): SHORTS, which clear or stop the
// counter at a compare, and BITMODE. Compiled by Renode at run time: `include @SplkitTimer.cs`.
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;

namespace Antmicro.Renode.Peripherals.Timers
{
    public class SplkitTimer : NRF52840_Timer
    {
        public SplkitTimer(IMachine machine, int numberOfEvents) : base(machine, numberOfEvents)
        {
            RegistersCollection.DefineRegister(0x200).WithValueField(0, 32, out shorts, name: "SHORTS");
            RegistersCollection.DefineRegister(0x508).WithValueField(0, 2, name: "BITMODE").WithReservedBits(2, 30);
            EventTriggered += OnCompare;
        }

        private void OnCompare(uint offset)
        {
            var channel = (int)(offset - FirstCompareEvent) / 4;
            if((shorts.Value & (1ul << channel)) != 0)
            {
                WriteDoubleWord(TasksClear, 1);
            }
            if((shorts.Value & (1ul << (channel + StopShort))) != 0)
            {
                WriteDoubleWord(TasksStop, 1);
            }
        }

        private IValueRegisterField shorts;

        private const long TasksStop = 0x004;
        private const long TasksClear = 0x00C;
        private const uint FirstCompareEvent = 0x140;
        private const int StopShort = 8;
    }
}
